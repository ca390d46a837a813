<?php

declare(strict_types=1);

namespace HwSignature\Tool;

/** The curl command that sends a signed request, for a POSIX shell. */
final class SignedCurl
{
    /** @param array<string, string> $headers */
    public static function command(string $url, string $method, array $headers, string $payload, ?string $file): string
    {
        if ($file === '-') {
            throw new UsageError('With --curl, the payload must be a file: curl reads it again.');
        }
        // curl would send another path than the one that was signed, or several.
        $parts = ['curl --path-as-is --globoff', strtoupper($method) === 'HEAD' ? '--head' : '-X ' . self::quote($method)];
        if ($file !== null) {
            $headers['Content-Type'] = json_decode($payload) === null ? 'application/octet-stream' : 'application/json';
            $parts[] = '--data-binary ' . self::quote("@$file");
        }
        foreach (HeaderLines::of($headers) as $line) {
            $parts[] = '-H ' . self::quote($line);
        }
        return implode(" \\\n  ", [...$parts, self::quote($url)]);
    }

    /** For a POSIX shell. escapeshellarg() drops bytes that are not valid in the locale, and a file name may have them. */
    private static function quote(string $text): string
    {
        return "'" . str_replace("'", "'\\''", $text) . "'";
    }
}
