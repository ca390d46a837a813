<?php

declare(strict_types=1);

namespace HwSignature\Tool;

use InvalidArgumentException;

/** A request in an HTTP archive (HAR 1.2), as browsers and proxies save it: the whole file, one entry, or its request. */
final class HarEntry implements DumpReader
{
    public static function read(string $text): ?RequestDump
    {
        $json = str_starts_with(ltrim($text), '{') ? json_decode($text, true) : null;
        if (!is_array($json)) {
            return null;
        }
        $entries = $json['log']['entries'] ?? [$json];
        $requests = is_array($entries) ? array_filter(array_map(self::request(...), $entries)) : [];
        if (count($requests) > 1) {
            throw new InvalidArgumentException('the request cannot be read: there are ' . count($requests) . ' in the archive, leave only the one that is meant');
        }
        $request = reset($requests);
        return $request === false ? null : self::dump($request);
    }

    /** @return array<mixed>|null */
    private static function request(mixed $entry): ?array
    {
        $request = $entry['request'] ?? $entry;
        $isOne = is_array($request) && is_string($request['method'] ?? null) && is_string($request['url'] ?? null) && is_array($request['headers'] ?? null);
        return $isOne ? $request : null;
    }

    /** @param array<mixed> $request */
    private static function dump(array $request): RequestDump
    {
        $headers = [];
        foreach ($request['headers'] as $header) {
            [$name, $value] = [$header['name'] ?? null, $header['value'] ?? null];
            // HTTP/2 has the request line in headers that begin with a colon.
            if (is_string($name) && is_string($value) && $name !== '' && $name[0] !== ':') {
                $headers[strtolower($name)][] = $value;
            }
        }
        $url = explode('#', $request['url'], 2)[0];
        $rest = str_contains($url, '://') ? explode('://', $url, 2)[1] : $url;
        $target = substr($rest, strcspn($rest, '/?'));
        $headers['host'] ??= [substr($rest, 0, strcspn($rest, '/?'))];
        [$body, $elsewhere] = self::body($request);
        return new RequestDump($request['method'], str_starts_with($target, '/') ? $target : "/$target", $headers, $body, $elsewhere);
    }

    /**
     * @param array<mixed> $request
     *
     * @return array{?string, string}
     */
    private static function body(array $request): array
    {
        $text = $request['postData']['text'] ?? null;
        if (is_string($text) && ($request['postData']['encoding'] ?? null) === 'base64') {
            $text = base64_decode($text, true);
        }
        if (is_string($text)) {
            return [$text, ''];
        }
        return ($request['bodySize'] ?? 0) > 0 || isset($request['postData'])
            ? [null, 'the archive has no text of it']
            : ['', ''];
    }
}
