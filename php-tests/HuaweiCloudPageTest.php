<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use GuzzleHttp\Exception\ClientException;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Signer;
use HwSignature\Tests\Support\Library;
use HwSignature\Tests\Support\Server;
use PHPUnit\Framework\TestCase;
use Psr\Http\Message\ResponseInterface;

/** The block of docs/huawei-cloud.md that sends a request with Guzzle, to a server that verifies it. */
final class HuaweiCloudPageTest extends TestCase
{
    private const ACCESS = 'QTWAOYTTINDUT2QVKYUC';
    private const SECRET = 'MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc';
    private const TARGET = 'v1/caf%C3%A9/vpcs?limit=2&q=a+b&10=x&9=y';

    private Server $server;

    protected function setUp(): void
    {
        Library::needs('GuzzleHttp', 'GuzzleHttp\\Psr7');
        $this->server = new Server(__DIR__ . '/support/apig_backend.php', ['ACCESS_KEY' => self::ACCESS, 'SECRET_KEY' => self::SECRET]);
    }

    protected function tearDown(): void
    {
        if (isset($this->server)) {
            $this->server->stop();
        }
    }

    public function testWhatTheBlockSendsIsVerified(): void
    {
        $response = $this->sent(self::block());
        self::assertSame(200, $response->getStatusCode());
        self::assertSame(self::ACCESS . ': POST /' . self::TARGET . ', application/json, {"name":"vpc-1"}', (string) $response->getBody());
        self::assertSame('', $this->server->errors());
    }

    /** The server does verify: nothing of what is signed may be another. @dataProvider changes */
    #[\PHPUnit\Framework\Attributes\DataProvider('changes')]
    public function testWhatIsChangedIsRefused(string $from, string $to): void
    {
        $changed = str_replace($from, $to, self::block(), $count);
        self::assertSame(1, $count);
        try {
            $this->sent($changed);
            self::fail('It was accepted.');
        } catch (ClientException $exception) {
            self::assertSame([401, 'signature-mismatch'], [$exception->getResponse()->getStatusCode(), (string) $exception->getResponse()->getBody()]);
        }
    }

    public static function changes(): array
    {
        return [
            'body' => ["'body' => \$body", "'body' => \"\$body \""],
            'type' => ["'headers' => \$type", "'headers' => ['Content-Type' => 'text/plain']"],
            'method' => ["request('POST'", "request('PUT'"],
            'target' => ["'POST', \$url, [", "'POST', \"\$url&a=b\", ["],
        ];
    }

    private function sent(string $block): ResponseInterface
    {
        $signer = new Signer(Profile::named('huawei-apig'), Key::fromBytes(self::SECRET, self::ACCESS));
        $url = $this->server->url() . self::TARGET;
        return eval("$block\nreturn \$response;");
    }

    private static function block(): string
    {
        $page = (string) file_get_contents(__DIR__ . '/../docs/huawei-cloud.md');
        self::assertSame(1, preg_match_all('/^```php norun\n(.*?GuzzleHttp.*?)^```$/ms', $page, $blocks));
        return $blocks[1][0];
    }
}
