module github.com/dshills/alas/examples/native/native-go

go 1.22

require github.com/dshills/alas/sdk/go v0.0.0

replace github.com/dshills/alas/sdk/go => ../../../sdk/go
