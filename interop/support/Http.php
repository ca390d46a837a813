<?php

declare(strict_types=1);

namespace HwSignature\Interop;

/** Sends a request exactly as it is given. */
final class Http
{
    /**
     * @param array<string, string> $headers
     * @return array{int, array<mixed>} the status, and the JSON of the answer
     */
    public static function send(string $url, string $method, array $headers, string $body): array
    {
        $lines = ['Expect:'];
        foreach ($headers + ['Content-Type' => 'application/octet-stream'] as $name => $value) {
            $lines[] = "$name: $value";
        }
        $curl = curl_init($url);
        curl_setopt_array($curl, [
            CURLOPT_CUSTOMREQUEST => $method,
            CURLOPT_HTTPHEADER => $lines,
            CURLOPT_PATH_AS_IS => true,
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_TIMEOUT => 10,
        ]);
        if ($body !== '') {
            curl_setopt($curl, CURLOPT_POSTFIELDS, $body);
        }
        $answer = curl_exec($curl);
        if ($answer === false) {
            throw new \RuntimeException("$method $url: " . curl_error($curl));
        }
        $json = json_decode((string) $answer, true);
        return [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), is_array($json) ? $json : []];
    }
}
