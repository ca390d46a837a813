<?php

declare(strict_types=1);

namespace HwSignature\Tool;

use InvalidArgumentException;

/**
 * `$_SERVER`, or an array of headers, as var_export(), print_r(), var_dump(), json_encode() or Symfony's dump() print it; the same in
 * Python (`request.META`, `request.headers`) and in JavaScript (`req.headers`).
 */
final class PrintedArray implements DumpReader
{
    /** Names without which an object is more likely a body than the headers of a request. */
    private const HEADERS = ['host', 'user-agent', 'accept', 'content-type', 'content-length'];

    public static function read(string $text): ?RequestDump
    {
        $start = ltrim($text);
        // Somebody may have written the request line, which is not among the headers, in the line before them.
        [$line, $rest] = explode("\n", $start, 2) + [1 => ''];
        $requestLine = HeaderLines::requestLine(rtrim($line, "\r"));
        $start = $requestLine === null ? $start : $rest;
        if (str_starts_with($start, '$_SERVER')) {
            $start = ltrim(substr($start, strlen('$_SERVER')), " \t\r\n=");
        }
        $array = match (true) {
            str_starts_with($start, '{') => json_decode($start, true) ?? ArrayText::read($start),
            str_starts_with($start, 'Array') => self::printed($start),
            str_starts_with($start, 'array(') && str_contains($start, ']=>') => self::varDumped($start),
            str_starts_with($start, 'array'), str_starts_with($start, '[') => ArrayText::read($start),
            default => null,
        };
        if (!is_array($array)) {
            return null;
        }
        $headers = self::headers($array);
        if (!self::isRequest($headers)) {
            throw new InvalidArgumentException('this is no request: there are no headers in it, perhaps it is the body alone');
        }
        $value = static fn(string $name): ?string => $headers[$name][0] ?? null;
        $elsewhere = isset($headers['REQUEST_METHOD']) ? 'it is not in $_SERVER: save file_get_contents(\'php://input\') too' : 'it is not among the headers';
        return RequestDump::ofHead($requestLine[0] ?? $value('REQUEST_METHOD'), $requestLine[1] ?? $value('REQUEST_URI'), $headers, $elsewhere);
    }

    /**
     * @param array<mixed> $array
     *
     * @return array<string, list<string>>
     */
    private static function headers(array $array): array
    {
        $headers = [];
        foreach ($array as $name => $value) {
            $texts = array_values(array_filter(is_array($value) ? $value : [$value], 'is_string'));
            if (is_string($name) && $texts !== []) {
                $headers[$name] = $texts;
            }
        }
        return $headers;
    }

    /** @param array<string, list<string>> $headers */
    private static function isRequest(array $headers): bool
    {
        foreach (array_keys($headers) as $name) {
            if ($name === 'REQUEST_METHOD' || str_contains($name, 'HTTP_') || strncasecmp($name, 'X-', 2) === 0 || in_array(strtolower($name), self::HEADERS, true)) {
                return true;
            }
        }
        return false;
    }

    /** @return array<string, mixed> */
    private static function printed(string $text): array
    {
        $array = [];
        $name = '';
        foreach (HeaderLines::split($text) as $line) {
            $arrow = strpos($line, '] => ');
            // Four spaces stand before a name; what stands deeper is part of the value.
            if ($arrow !== false && str_starts_with($line, '    [')) {
                $name = substr($line, 5, $arrow - 5);
                $array[$name] = substr($line, $arrow + 5);
            } elseif ($arrow !== false && ($array[$name] ?? null) === 'Array') {
                $array[$name] = [substr($line, $arrow + 5)];
            } elseif ($arrow !== false && is_array($array[$name] ?? null)) {
                $array[$name][] = substr($line, $arrow + 5);
            }
        }
        return $array;
    }

    /** @return array<string, mixed> */
    private static function varDumped(string $text): array
    {
        $array = [];
        $name = '';
        for ($at = 0; ($quote = strpos($text, '"', $at)) !== false;) {
            $before = rtrim(substr($text, $at, $quote - $at));
            $length = strrpos($before, 'string(');
            if (str_ends_with($before, '[')) {
                $end = strpos($text, '"]=>', $quote);
                $name = $end === false ? '' : substr($text, $quote + 1, $end - $quote - 1);
                $at = $end === false ? strlen($text) : $end + 4;
            } elseif ($length === false) {
                $at = $quote + 1;
            } else {
                $length = (int) substr($before, $length + strlen('string('));
                $array[$name][] = substr($text, $quote + 1, $length);
                $at = $quote + 1 + $length + 1;
            }
            $at = min($at, strlen($text));
        }
        return $array;
    }
}
