module tdx-codec/vectors

go 1.19
