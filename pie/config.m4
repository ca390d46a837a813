dnl For phpize, and so for PIE: the module is built by cargo, through the Makefile of the directory above.

PHP_ARG_ENABLE([hw_signature],
  [whether to enable hw_signature],
  [AS_HELP_STRING([--disable-hw_signature], [Do not build hw_signature])],
  [yes])

if test "$PHP_HW_SIGNATURE" != no; then
  if test "`$PHP_CONFIG --vernum`" -lt 80200; then
    AC_MSG_ERROR([hw_signature needs PHP 8.2 or newer])
  fi

  AC_PATH_PROG([CARGO], [cargo])
  if test -z "$CARGO"; then
    AC_MSG_ERROR([cargo is missing: hw_signature needs a Rust toolchain, see https://rustup.rs])
  fi
  PHP_SUBST([CARGO])

  dnl ext-php-rs wants a path.
  PHP_CONFIG_PATH=`command -v "$PHP_CONFIG"`
  PHP_SUBST([PHP_CONFIG_PATH])

  dnl Not PHP_NEW_EXTENSION: it would build an empty library of the same name from no sources, and install that.
  dnl Without sources there is no other directory to make, and configure would complain of that.
  PHP_ADD_BUILD_DIR([$abs_builddir/modules])
  PHP_MODULES="$PHP_MODULES \$(phplibdir)/hw_signature.la"
  PHP_ADD_MAKEFILE_FRAGMENT([$abs_srcdir/Makefile.frag], [$abs_srcdir], [$abs_builddir])
fi
