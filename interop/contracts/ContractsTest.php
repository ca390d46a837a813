<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Interop\Cases;
use HwSignature\Interop\Http;
use HwSignature\Interop\Peer;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Signer;
use HwSignature\Tests\Support\ContractVectors;
use PHPUnit\Framework\TestCase;

/** The readers of contract files in other languages: every vector, and random requests over HTTP, both ways. */
final class ContractsTest extends TestCase
{
    private const REQUESTS = 200;
    /** Of so many, one is forged. */
    private const FORGED_EVERY = 4;

    /** @return array<string, array{string, callable(): Peer}> */
    public static function languages(): array
    {
        return [
            'Python' => ['contract.py (Python)', static fn (): Peer => Peer::python(__DIR__ . '/reader.py')],
            'JavaScript' => ['contract.mjs (Node)', static fn (): Peer => Peer::node(__DIR__ . '/reader.mjs')],
            'Go' => ['contract.go (Go)', static fn (): Peer => Peer::program((string) getenv('INTEROP_GO_PEER'), dirname(__DIR__, 2) . '/contracts')],
        ];
    }

    /** @dataProvider languages */
    #[\PHPUnit\Framework\Attributes\DataProvider('languages')]
    public function testEveryVector(string $name, callable $start): void
    {
        $peer = $start();
        foreach (ContractVectors::files() + self::contractsOfTheWholeLanguage() as $contract => $path) {
            $results = $peer->call('vectors', ['path' => $path]);
            foreach (ContractVectors::read($path)['vectors'] as $vector) {
                $result = $results[$vector['id']] ?? 'not run';
                Cases::check($name, 'vectors', "$contract $vector[id]: $result", $result === $vector['result']);
            }
        }
    }

    /** @dataProvider languages */
    #[\PHPUnit\Framework\Attributes\DataProvider('languages')]
    public function testRandomRequestsBothWays(string $name, callable $start): void
    {
        mt_srand(17);
        $peer = $start();
        $theirs = '127.0.0.1:' . $peer->call('listen', []);
        $ours = substr((string) getenv('INTEROP_HTTP'), strlen('http://'));
        foreach (array_keys(ContractVectors::files()) as $contract) {
            $profile = Profile::fromContract((string) file_get_contents(ContractVectors::files()[$contract]));
            $requests = array_map(static fn (int $number): array => self::request($profile, $number), range(1, self::REQUESTS));

            $signer = new Signer($profile, Key::fromBytes('test-shared-secret', 'client-1'));
            foreach ($requests as $number => $request) {
                $origin = self::origin($profile, $theirs);
                $headers = $signer->sign($request['payload'], $request['method'], $origin . $request['target']);
                $headers += ['X-Contract' => $contract] + ($origin === '' ? [] : ['X-Origin' => $origin]);
                [$status] = Http::send("http://$theirs$request[target]", $request['method'], $headers, $request['sent']);
                Cases::check($name, 'PHP to reader', "$contract $number", $status === self::expected($request));
            }

            $origin = self::origin($profile, $ours);
            $asked = array_map(static fn (array $request): array => [
                'origin' => $origin, 'payload' => base64_encode($request['payload']), 'sent' => base64_encode($request['sent']),
            ] + $request, $requests);
            $statuses = $peer->call('send', ['name' => $contract, 'address' => $ours, 'requests' => $asked]);
            foreach ($requests as $number => $request) {
                Cases::check($name, 'reader to PHP', "$contract $number", ($statuses[$number] ?? 0) === self::expected($request));
            }
        }
    }

    /** @return array<string, string> paths by name: for what no built-in contract has */
    private static function contractsOfTheWholeLanguage(): array
    {
        $root = dirname(__DIR__, 2);
        $files = [];
        foreach (json_decode((string) file_get_contents("$root/tests/contracts.json"), true) as $row) {
            $files["tests/$row[name]"] = $file = getenv('INTEROP_WORK') . "/$row[name].json";
            file_put_contents("$file.row", Profile::fromContract(json_encode($row))->toContract());
            file_put_contents($file, shell_exec("python3 $root/contracts/generate.py $file.row"));
        }
        return $files;
    }

    /** @return array{method: string, target: string, payload: string, sent: string} */
    private static function request(Profile $profile, int $number): array
    {
        $without = $profile->describe()['methodsWithoutPayload'];
        $method = ['POST', 'PUT', 'GET', 'DELETE', 'PATCH'][mt_rand(0, 4)];
        $payload = $method === 'GET' || in_array($method, $without, true) ? '' : substr(random_bytes(300), mt_rand(0, 300));
        $forged = $number % self::FORGED_EVERY === 0;
        if ($forged && $method === 'GET') {
            [$method, $payload] = ['POST', 'x'];
        }
        $piece = static fn (): string => ['a', 'Z9', '~', '%2F', '%20', '+', '%C3%A9', '%ff', '%25', '-._', '%7e', '&', '=', '%2B', '10', '9', '%7B'][mt_rand(0, 16)];
        $text = static fn (): string => implode('', array_map($piece, range(1, mt_rand(1, 6))));
        $path = '/' . strtr($text(), '&=', 'xy') . ['', '/', '/b'][mt_rand(0, 2)];
        $target = $path . (mt_rand(0, 2) === 0 ? '' : "?{$text()}=" . $text());
        return ['method' => $method, 'target' => $target, 'payload' => $payload, 'sent' => $forged ? "$payload!" : $payload];
    }

    /** @param array{payload: string, sent: string} $request */
    private static function expected(array $request): int
    {
        return $request['payload'] === $request['sent'] ? 200 : 401;
    }

    /** Scheme and host, where the contract signs them. */
    private static function origin(Profile $profile, string $address): string
    {
        $row = $profile->describe();
        return preg_match('/\{url\}|\{canonical_/', $row['stringToSign'] . ($row['canonicalRequest'] ?? '')) === 1 ? "http://$address" : '';
    }
}
