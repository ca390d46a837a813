<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Interop\Cases;
use HwSignature\Interop\Keys;
use HwSignature\Tests\Support\Php;
use PHPUnit\Framework\TestCase;

/** `hw-signature check` against Django. */
final class CheckTest extends TestCase
{
    /** @return array<string, array{0: string, 1: string, 2: list<string>, 3?: string}> contract, path, what Django accepts that it should not, key id */
    public static function views(): array
    {
        return [
            'the backend of the Nextcloud contract' => ['nextcloud', '/api/v1/ping/', []],
            // Python's b64decode() stops at the first =, and skips what is no base64: gunicorn has joined two headers with a comma.
            'the same, while it took hex as well as base64' => ['nextcloud', '/either/v1/ping/', [
                'X-NC-SIGNATURE twice', 'X-NC-SIGNATURE twice, forged last', 'signature with a character more', 'signature in another encoding',
                'signature with a character that is no base64', 'signature with spare bits set',
            ]],
            'the mixin, which has no memory' => ['django', '/mixin/hook', ['replayed']],
            'the decorator of docs/contracts-as-files.md, which has none' => ['nextcloud', '/page/hook/', ['replayed'], 'my-app'],
        ];
    }

    /**
     * @dataProvider views
     *
     * @param list<string> $accepted
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('views')]
    public function testWhatDjangoAccepts(string $contract, string $path, array $accepted, string $id = 'nextcloud-app'): void
    {
        $key = (string) tempnam((string) getenv('INTEROP_WORK'), 'key');
        // The page takes the text of the secret as the key.
        file_put_contents($key, $id === 'my-app' ? Keys::text($contract) : Keys::bytes($contract));
        $root = dirname(__DIR__, 2);
        [$code, $output, $errors] = Php::run(Php::command([
            "$root/bin/hw-signature", 'check', "$root/contracts/$contract.json", '--url', getenv('INTEROP_DJANGO') . $path,
            '--key-file', $key, '--key-id', $id, '--json',
            // Django does not know that header.
            ...($contract === 'nextcloud' ? ['--except', 'another method asked for'] : []),
        ]));
        $bad = array_filter(json_decode($output, true), static fn (array $result): bool => !$result['good']);
        Cases::check('Django REST Framework', 'hw-signature check', "$path $errors", $errors === '');
        self::assertSame($accepted, array_column($bad, 'name'));
        self::assertSame($accepted === [] ? 0 : 1, $code);
        Cases::check('Django REST Framework', 'hw-signature check', $path, true);
    }
}
