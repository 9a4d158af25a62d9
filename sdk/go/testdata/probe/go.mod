module example.com/probe

go 1.22

require github.com/dshills/alas/sdk/go v0.0.0

replace github.com/dshills/alas/sdk/go => ../..
