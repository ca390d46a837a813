<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

use RuntimeException;

/** Headless Chromium, driven over the WebDriver protocol. */
final class Browser
{
    private const PATIENCE_SECONDS = 20;
    private const LIFETIME_SECONDS = '120';
    private const FLAGS = [
        '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--no-proxy-server',
        '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
    ];
    /** WebDriver's code points for keys. */
    public const TAB = "\u{e004}";
    public const ENTER = "\u{e007}";

    /** @var resource */
    private $driver;
    private string $url;
    private string $profile;

    public function __construct(bool $withScripts = true)
    {
        $port = (int) substr(strrchr((string) stream_socket_get_name(stream_socket_server('tcp://127.0.0.1:0'), false), ':'), 1);
        $nowhere = ['file', '/dev/null', 'w'];
        $this->driver = proc_open(['timeout', self::LIFETIME_SECONDS, 'chromedriver', "--port=$port"], [1 => $nowhere, 2 => $nowhere], $pipes);
        $this->url = "http://127.0.0.1:$port/session";
        $this->profile = sys_get_temp_dir() . '/hw_signature-browser-' . bin2hex(random_bytes(6));
        $this->waitUntilItListens($port);
        $options = ['args' => [...self::FLAGS, "--user-data-dir=$this->profile"]];
        if (!$withScripts) {
            $options['prefs'] = ['profile.managed_default_content_settings.javascript' => 2];
        }
        $session = $this->send('POST', '', ['capabilities' => ['alwaysMatch' => ['browserName' => 'chrome', 'goog:chromeOptions' => $options]]]);
        $this->url .= "/$session[sessionId]";
    }

    /** The package that is missing; null when there is a browser. */
    public static function missingPackage(): ?string
    {
        foreach (['chromium' => 'chromium', 'chromedriver' => 'chromium-driver'] as $program => $package) {
            if (Php::run(['which', $program])[0] !== 0) {
                return $package;
            }
        }
        return extension_loaded('curl') ? null : 'php-curl';
    }

    public function open(string $url): void
    {
        $this->send('POST', '/url', ['url' => $url]);
    }

    public function title(): string
    {
        return $this->send('GET', '/title');
    }

    /** Presses keys, one after another, wherever the focus is. */
    public function press(string $keys): void
    {
        $actions = [];
        foreach (preg_split('//u', str_replace("\n", self::ENTER, $keys), -1, PREG_SPLIT_NO_EMPTY) as $key) {
            array_push($actions, ['type' => 'keyDown', 'value' => $key], ['type' => 'keyUp', 'value' => $key]);
        }
        $this->send('POST', '/actions', ['actions' => [['type' => 'key', 'id' => 'keyboard', 'actions' => $actions]]]);
    }

    /** The id, or else the text, of what has the focus. */
    public function focus(): string
    {
        return $this->run('return document.activeElement.id || document.activeElement.textContent');
    }

    /** The result of a piece of JavaScript. It runs even where the page's own scripts do not. */
    public function run(string $script): mixed
    {
        return $this->send('POST', '/execute/sync', ['script' => $script, 'args' => []]);
    }

    /** @param array<string, mixed> $parameters of a command of the Chrome DevTools protocol */
    public function tell(string $command, array $parameters): void
    {
        $this->send('POST', '/goog/cdp/execute', ['cmd' => $command, 'params' => $parameters]);
    }

    /** @param 'light'|'dark' $scheme */
    public function look(string $scheme, int $width, int $height): void
    {
        $this->tell('Emulation.setEmulatedMedia', ['features' => [['name' => 'prefers-color-scheme', 'value' => $scheme]]]);
        $this->tell('Emulation.setDeviceMetricsOverride', ['width' => $width, 'height' => $height, 'deviceScaleFactor' => 1, 'mobile' => $width < 600]);
    }

    public function close(): void
    {
        $this->send('DELETE', '');
        proc_terminate($this->driver);
        proc_close($this->driver);
        Php::run(['rm', '-r', $this->profile]);
    }

    private function waitUntilItListens(int $port): void
    {
        for ($deadline = time() + self::PATIENCE_SECONDS; time() < $deadline; usleep(50_000)) {
            if (@fsockopen('127.0.0.1', $port) !== false) {
                return;
            }
        }
        throw new RuntimeException('chromedriver does not listen.');
    }

    private function send(string $method, string $path, array $body = []): mixed
    {
        $request = curl_init($this->url . $path);
        curl_setopt_array($request, [
            CURLOPT_CUSTOMREQUEST => $method,
            CURLOPT_HTTPHEADER => ['Content-Type: application/json'],
            CURLOPT_NOPROXY => '*',
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_TIMEOUT => self::PATIENCE_SECONDS,
        ] + ($method === 'POST' ? [CURLOPT_POSTFIELDS => json_encode((object) $body, JSON_THROW_ON_ERROR)] : []));
        $response = curl_exec($request);
        if ($response === false) {
            throw new RuntimeException('chromedriver: ' . curl_error($request));
        }
        $value = json_decode($response, true)['value'] ?? null;
        if (isset($value['error'])) {
            throw new RuntimeException("$value[error]: $value[message]");
        }
        return $value;
    }
}
