module github.com/dshills/alas/sdk/go

go 1.22
