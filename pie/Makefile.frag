# A file, so that `sudo make install` after `make` does not build as root. Makefile is that of ./configure: with another
# PHP the module is another one.
$(phplibdir)/hw_signature.so: Makefile $(wildcard $(srcdir)/../Cargo.*) $(shell find $(srcdir)/../.cargo $(srcdir)/../src -type f)
	$(MAKE) -C $(srcdir)/.. all CARGO=$(CARGO) PHP=$(PHP_EXECUTABLE) PHP_CONFIG=$(PHP_CONFIG_PATH)
	cp $(srcdir)/../modules/hw_signature.so $@

# What `make test` reads the module's name from.
$(phplibdir)/hw_signature.la: $(phplibdir)/hw_signature.so
	echo "dlname='hw_signature.so'" > $@
