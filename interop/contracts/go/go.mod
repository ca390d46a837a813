module peer

go 1.19

require contract v0.0.0

replace contract => ../../../contracts/go
