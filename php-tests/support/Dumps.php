<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

/** One signed request in every spelling: the files of php-tests/dumps. */
final class Dumps
{
    public const KEY = 'correct horse battery staple';
    public const BODY = '{"text":"It\'s 5 < 6, über \"alles\"!"}';
    public const TARGET = '/a%20b/?z=1&a=%C3%BC&empty=';
    public const NOW = 1_800_000_000;

    private const WITH_BODY = [
        'raw.http', 'chunked.http', 'curl-trace.txt', 'curl-trace-chunked.txt', 'guzzle-message.txt', 'guzzle-formatter.txt', 'chromium.har',
        'chromium-copy-as-curl.txt',
    ];
    private const WITHOUT_BODY = [
        'curl-v.txt', 'php-curlopt_verbose.txt', 'guzzle-debug.txt', 'server-var_export.txt', 'server-print_r.txt', 'server-var_dump.txt', 'server.json',
    ];
    private const HEADERS_ONLY = [
        'getallheaders-var_export.txt', 'getallheaders.json', 'node-headers.txt', 'python-environ.txt', 'python-environ-pprint.txt',
    ];

    /** @return iterable<string, array{string, bool, bool}> name, whether the body is in it, whether the target is */
    public static function all(): iterable
    {
        foreach ([self::WITH_BODY, self::WITHOUT_BODY, self::HEADERS_ONLY] as $kind => $names) {
            foreach ($names as $name) {
                yield $name => [$name, $kind === 0, $kind < 2];
            }
        }
    }

    public static function text(string $name): string
    {
        return file_get_contents(__DIR__ . "/../dumps/$name");
    }
}
