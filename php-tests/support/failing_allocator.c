/* A PHP extension for tests: fail_allocation(n) makes PHP's n-th allocation from here on end the script, as the memory
 * limit does; 0 makes none. */

#include "php.h"

#if PHP_VERSION_ID >= 80400
# define MORE ZEND_FILE_LINE_DC ZEND_FILE_LINE_ORIG_DC
#else
# define MORE
#endif

static zend_long left;

static void *fail_or_allocate(size_t size MORE);
static void *fail_or_reallocate(void *block, size_t size MORE);
static void release(void *block MORE);

static void watch(bool on)
{
	zend_mm_heap *heap = zend_mm_get_heap();
	if (on) {
		zend_mm_set_custom_handlers(heap, fail_or_allocate, release, fail_or_reallocate);
	} else {
		zend_mm_set_custom_handlers(heap, NULL, NULL, NULL);
	}
}

/* The heap does what it does without handlers, and takes them up again while there is something to count. */
static void count(void)
{
	watch(false);
	if (--left == 0) {
		zend_error_noreturn(E_ERROR, "Allowed memory size exhausted (on purpose)");
	}
}

static void *fail_or_allocate(size_t size MORE)
{
	count();
	void *block = emalloc(size);
	watch(true);
	return block;
}

static void *fail_or_reallocate(void *block, size_t size MORE)
{
	count();
	block = erealloc(block, size);
	watch(true);
	return block;
}

static void release(void *block MORE)
{
	watch(false);
	efree(block);
	watch(true);
}

ZEND_BEGIN_ARG_INFO_EX(fail_allocation_arguments, 0, 0, 1)
	ZEND_ARG_TYPE_INFO(0, n, IS_LONG, 0)
ZEND_END_ARG_INFO()

static PHP_FUNCTION(fail_allocation)
{
	zend_long n;
	ZEND_PARSE_PARAMETERS_START(1, 1)
		Z_PARAM_LONG(n)
	ZEND_PARSE_PARAMETERS_END();
	left = n;
	watch(n > 0);
}

static const zend_function_entry functions[] = {
	PHP_FE(fail_allocation, fail_allocation_arguments)
	PHP_FE_END
};

static PHP_RSHUTDOWN_FUNCTION(failing_allocator)
{
	watch(false);
	return SUCCESS;
}

static zend_module_entry failing_allocator_module_entry = {
	STANDARD_MODULE_HEADER, "failing_allocator", functions, NULL, NULL, NULL, PHP_RSHUTDOWN(failing_allocator), NULL,
	"1", STANDARD_MODULE_PROPERTIES
};

ZEND_GET_MODULE(failing_allocator)
