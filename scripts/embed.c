/* Starts and ends PHP several times in one process, as a program does that has PHP built in: embed PHP_FILE. Each time,
 * it runs a script in several requests, and in several threads at once where PHP is thread safe. The script returns true
 * when all went well. Needs PHP's embed library. */
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdio.h>

#include <sapi/embed/php_embed.h>

#ifdef ZTS
#include <pthread.h>
enum { THREADS = 4 };
#else
enum { THREADS = 1 };
#endif
enum { STARTS = 5, REQUESTS = 5 };

static char code[4096];

static bool run(void)
{
    bool passed = false;
    zend_first_try {
        zval result;
        if (zend_eval_string_ex(code, &result, "embed.c", true) == SUCCESS) {
            passed = Z_TYPE(result) == IS_TRUE;
            zval_ptr_dtor(&result);
        }
    } zend_end_try();
    return passed;
}

static bool requests(void)
{
    bool passed = true;
    for (int i = 0; passed && i < REQUESTS; i++) {
        if (php_request_startup() == FAILURE) {
            return false;
        }
        passed = run();
        php_request_shutdown(NULL);
    }
    return passed;
}

#ifdef ZTS
static void *thread(void *passed)
{
    ts_resource(0);
    *(bool *) passed = requests();
    ts_free_thread();
    return NULL;
}

static bool threads(void)
{
    pthread_t threads[THREADS];
    bool passed[THREADS], all = true;
    for (int i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, thread, &passed[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        all &= passed[i];
    }
    return all;
}
#else
/* The start began a request, and the end wants one to end. */
static bool threads(void)
{
    php_request_shutdown(NULL);
    bool passed = requests();
    return php_request_startup() == SUCCESS && passed;
}
#endif

int main(int argc, char **argv)
{
    bool passed = argc == 2;
    snprintf(code, sizeof code, "require '%s'", argc == 2 ? argv[1] : "");
    for (int start = 0; passed && start < STARTS; start++) {
        if (php_embed_init(0, NULL) == FAILURE) {
            return 1;
        }
        passed = run() && threads();
        php_embed_shutdown();
    }
    printf(passed ? "%d starts, threads: %d, %d requests each: passed\n" : "FAILED\n", STARTS, THREADS, REQUESTS);
    return passed ? 0 : 1;
}
