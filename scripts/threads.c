/* Starts PHP several times in one process, and each time runs a script in several threads at once: threads PHP_FILE.
 * The script returns true when all went well. Needs a thread-safe PHP with its embed library. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

#include <sapi/embed/php_embed.h>

enum { STARTS = 3, THREADS = 4, REQUESTS = 5 };

static char code[4096];

static bool run(void)
{
    bool passed = false;
    zend_first_try {
        zval result;
        if (zend_eval_string_ex(code, &result, "threads.c", true) == SUCCESS) {
            passed = Z_TYPE(result) == IS_TRUE;
            zval_ptr_dtor(&result);
        }
    } zend_end_try();
    return passed;
}

static void *requests(void *passed)
{
    *(bool *) passed = true;
    ts_resource(0);
    for (int i = 0; i < REQUESTS; i++) {
        if (php_request_startup() == FAILURE) {
            *(bool *) passed = false;
            break;
        }
        *(bool *) passed &= run();
        php_request_shutdown(NULL);
    }
    ts_free_thread();
    return NULL;
}

int main(int argc, char **argv)
{
    bool all = argc == 2;
    snprintf(code, sizeof code, "require '%s'", argc == 2 ? argv[1] : "");
    for (int start = 0; all && start < STARTS; start++) {
        pthread_t threads[THREADS];
        bool passed[THREADS];
        if (php_embed_init(0, NULL) == FAILURE) {
            return 1;
        }
        all = run();
        for (int i = 0; i < THREADS; i++) {
            pthread_create(&threads[i], NULL, requests, &passed[i]);
        }
        for (int i = 0; i < THREADS; i++) {
            pthread_join(threads[i], NULL);
            all &= passed[i];
        }
        php_embed_shutdown();
    }
    printf(all ? "%d starts, %d threads, %d requests each: passed\n" : "FAILED\n", STARTS, THREADS, REQUESTS);
    return all ? 0 : 1;
}
