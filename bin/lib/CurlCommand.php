<?php

declare(strict_types=1);

namespace HwSignature\Tool;

use InvalidArgumentException;

/** A command line of curl, as somebody typed it or as a browser copies it. */
final class CurlCommand implements DumpReader
{
    private const SHORT = [
        'X' => 'request', 'H' => 'header', 'd' => 'data', 'G' => 'get', 'I' => 'head', 'A' => 'user-agent', 'e' => 'referer', 'b' => 'cookie',
        'F' => 'form', 'T' => 'upload-file', 'g' => 'globoff', 'u' => 'user', 'K' => 'config', 'x' => 'proxy',
        // What follows changes nothing that is signed.
        'o' => 'output', 'm' => 'max-time', 'w' => 'write-out', 'c' => 'cookie-jar', 'D' => 'dump-header', 'E' => 'cert',
        's' => 'silent', 'S' => 'show-error', 'v' => 'verbose', 'k' => 'insecure', 'L' => 'location', 'i' => 'include', 'f' => 'fail', 'O' => 'remote-name',
        'N' => 'no-buffer', 'q' => 'disable', 'Z' => 'parallel', '4' => 'ipv4', '6' => 'ipv6', '0' => 'http1.0', '#' => 'progress-bar',
    ];
    private const WITH_A_VALUE = [
        'request', 'header', 'data', 'data-ascii', 'data-raw', 'data-binary', 'data-urlencode', 'json', 'user-agent', 'referer', 'cookie', 'url',
        'form', 'form-string', 'upload-file', 'user', 'config', 'proxy', 'output', 'max-time', 'write-out', 'cookie-jar', 'dump-header', 'cert',
        'key', 'cacert', 'connect-timeout', 'retry', 'retry-delay', 'resolve', 'connect-to', 'interface', 'noproxy', 'trace', 'trace-ascii', 'stderr',
        'limit-rate', 'unix-socket', 'oauth2-bearer', 'request-target',
    ];
    private const DATA = ['data', 'data-ascii', 'data-raw', 'data-binary', 'data-urlencode', 'json'];
    /** What makes a body that only curl knows. */
    private const NOT_READ = ['form', 'form-string', 'config'];
    private const FLAGS = [
        'get', 'head', 'globoff', 'path-as-is', 'compressed', 'no-progress-meter', 'fail-with-body', 'http1.1', 'http2', 'http2-prior-knowledge', 'http3',
        'tlsv1.2', 'tlsv1.3', 'ssl-no-revoke', 'no-keepalive', 'raw', 'trace-time', 'location-trusted', 'post301', 'post302', 'post303',
    ];

    /** @var array<string, list<string>> option => its values, in order; '' for a flag */
    private array $options = [];
    /** @var list<array{string, string}> */
    private array $data = [];
    /** @var list<string> */
    private array $urls = [];

    public static function read(string $text): ?RequestDump
    {
        // A prompt, and what a shell's history has, are not part of it.
        $command = ltrim($text);
        $command = ltrim(strspn($command, '$%#>', 0, 1) === 1 && strspn($command, " \t", 1) > 0 ? substr($command, 1) : $command);
        $name = substr($command, 0, strcspn($command, " \t\r\n"));
        if (!in_array($name, ['curl', 'curl.exe', '/usr/bin/curl'], true)) {
            return null;
        }
        if (str_contains($command, '^"') || str_contains($command, "^\n") || str_contains($command, "^\r\n")) {
            throw new InvalidArgumentException('the command cannot be read: it is written for cmd of Windows, which loses some bytes; in the browser, choose "Copy as cURL (bash)"');
        }
        return (new self(array_slice(ShellWords::split($command), 1)))->dump();
    }

    /** @param list<string> $words */
    private function __construct(array $words)
    {
        $words = array_reverse($words);
        while (($word = array_pop($words)) !== null) {
            if ($word === '-' || !str_starts_with($word, '-')) {
                $this->urls[] = $word;
            } elseif (str_starts_with($word, '--')) {
                $this->add(substr($word, 2), null, $words);
            } else {
                $this->addShort(substr($word, 1), $words);
            }
        }
    }

    /** @param list<string> $following the words that follow, the next one last */
    private function addShort(string $letters, array &$following): void
    {
        while ($letters !== '') {
            $name = self::SHORT[$letters[0]] ?? throw self::notKnown("-$letters[0]");
            $rest = substr($letters, 1);
            $takesAll = in_array($name, self::WITH_A_VALUE, true);
            $this->add($name, $takesAll && $rest !== '' ? $rest : null, $following);
            $letters = $takesAll ? '' : $rest;
        }
    }

    /** @param list<string> $following the words that follow, the next one last */
    private function add(string $name, ?string $value, array &$following): void
    {
        if (in_array($name, self::NOT_READ, true)) {
            throw new InvalidArgumentException("the command cannot be read: only curl knows the body that --$name makes; run it with --trace - and give what that prints");
        }
        if (!in_array($name, self::WITH_A_VALUE, true)) {
            if (!in_array($name, self::FLAGS, true) && !in_array($name, self::SHORT, true)) {
                throw self::notKnown("--$name");
            }
            $this->options[$name][] = '';
            return;
        }
        $value ??= array_pop($following) ?? throw new InvalidArgumentException("the command cannot be read: --$name needs a value");
        if ($name === 'url') {
            $this->urls[] = $value;
        } elseif (in_array($name, self::DATA, true)) {
            $this->data[] = [$name, $value];
        } else {
            $this->options[$name][] = $value;
        }
    }

    private static function notKnown(string $option): InvalidArgumentException
    {
        return new InvalidArgumentException("the command cannot be read: the option $option is not known here; leave it out, or run it with --trace - and give what that prints");
    }

    private function dump(): RequestDump
    {
        if (count($this->urls) !== 1) {
            throw new InvalidArgumentException('the command cannot be read: ' . ($this->urls === [] ? 'there is no URL in it' : 'there is more than one URL in it'));
        }
        [$authority, $target] = $this->authorityAndTarget($this->urls[0]);
        [$body, $elsewhere, $isForm] = $this->body();
        if ($this->has('get') && $body !== null) {
            $target .= ($body === '' ? '' : (str_contains($target, '?') ? '&' : '?') . $body);
            [$body, $isForm] = ['', false];
        }
        $type = match (true) {
            in_array('json', array_column($this->data, 0), true) => 'application/json',
            $isForm => 'application/x-www-form-urlencoded',
            default => null,
        };
        $method = $this->last('request') ?? match (true) {
            $this->has('head') => 'HEAD',
            $this->has('upload-file') => 'PUT',
            $this->data !== [] && !$this->has('get') => 'POST',
            default => 'GET',
        };
        $length = $body === null || $this->data === [] || $this->has('get') ? null : (string) strlen($body);
        $headers = $this->headers(['Host' => $authority, 'Content-Type' => $type, 'Content-Length' => $length]);
        return new RequestDump($method, $this->last('request-target') ?? $target, $headers, $body, $elsewhere);
    }

    private function has(string $option): bool
    {
        return isset($this->options[$option]);
    }

    private function last(string $option): ?string
    {
        return array_slice($this->options[$option] ?? [], -1)[0] ?? null;
    }

    /** @return array{string, string} */
    private function authorityAndTarget(string $url): array
    {
        if (!$this->has('globoff') && strpbrk($url, '[]{}') !== false) {
            throw new InvalidArgumentException('the command cannot be read: curl reads [ and { in a URL as a pattern for several; --globoff stops that');
        }
        $url = explode('#', $url, 2)[0];
        $rest = str_contains($url, '://') ? explode('://', $url, 2)[1] : $url;
        $end = strcspn($rest, '/?');
        $target = substr($rest, $end);
        $target = str_starts_with($target, '/') ? $target : "/$target";
        $segments = explode('/', explode('?', $target, 2)[0]);
        if (!$this->has('path-as-is') && array_intersect(['.', '..'], $segments) !== []) {
            throw new InvalidArgumentException('the command cannot be read: curl takes /./ and /../ out of the path; write the path that it sends, or --path-as-is');
        }
        $authority = substr($rest, 0, $end);
        return [str_contains($authority, '@') ? substr(strrchr($authority, '@'), 1) : $authority, $target];
    }

    /** @return array{?string, string, bool} the body, or why it is not there, and whether curl calls it a form */
    private function body(): array
    {
        if ($this->has('upload-file')) {
            return [null, 'the command takes it from the file ' . $this->last('upload-file'), false];
        }
        $pieces = [];
        foreach ($this->data as [$option, $value]) {
            $separator = strcspn($value, '=@');
            $file = match (true) {
                $option === 'data-raw' => null,
                $option === 'data-urlencode' => ($value[$separator] ?? '') === '@' ? substr($value, $separator + 1) : null,
                default => str_starts_with($value, '@') ? substr($value, 1) : null,
            };
            if ($file !== null) {
                $loses = $option === 'data-binary' || $option === 'json' ? '' : ", and --$option changes it on the way: --data-binary does not";
                return [null, "the command takes it from the file $file$loses", true];
            }
            $pieces[] = [$option, $option === 'data-urlencode' ? self::urlencoded($value, $separator) : $value];
        }
        $body = '';
        foreach ($pieces as $index => [$option, $piece]) {
            $body .= ($index === 0 || $option === 'json' ? '' : '&') . $piece;
        }
        return [$body, '', $pieces !== []];
    }

    /** What stands behind the first = is encoded, or all of it where there is none. */
    private static function urlencoded(string $value, int $separator): string
    {
        if (($value[$separator] ?? '') !== '=') {
            return self::escaped($value);
        }
        $name = substr($value, 0, $separator);
        return ($name === '' ? '' : "$name=") . self::escaped(substr($value, $separator + 1));
    }

    private static function escaped(string $text): string
    {
        return str_replace('%20', '+', rawurlencode($text));
    }

    /**
     * @param array<string, ?string> $own what curl writes unless it is told otherwise
     *
     * @return array<string, list<string>>
     */
    private function headers(array $own): array
    {
        foreach (['user-agent' => 'User-Agent', 'referer' => 'Referer', 'cookie' => 'Cookie'] as $option => $name) {
            $own[$name] = $this->last($option);
        }
        $lines = [];
        foreach ($this->options['header'] ?? [] as $line) {
            if (str_starts_with($line, '@')) {
                throw new InvalidArgumentException("the command cannot be read: the headers are in the file " . substr($line, 1));
            }
            $name = substr($line, 0, strcspn($line, ':;'));
            $own = array_filter($own, static fn(string $ours): bool => strcasecmp($ours, $name) !== 0, ARRAY_FILTER_USE_KEY);
            // `Name:` takes a header away, and `Name;` sends an empty one.
            if (str_ends_with($line, ';') && !str_contains($line, ':')) {
                $lines[] = "$name:";
            } elseif (!str_contains($line, ':') || trim(substr($line, strlen($name) + 1)) !== '') {
                $lines[] = $line;
            }
        }
        foreach (array_filter($own, 'is_string') as $name => $value) {
            $lines[] = "$name: $value";
        }
        try {
            return HeaderLines::parse($lines, 'header');
        } catch (InvalidArgumentException $error) {
            throw new InvalidArgumentException('the command cannot be read: ' . $error->getMessage());
        }
    }
}
