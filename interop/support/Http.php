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
        $curl = self::request($url, $method, $headers, $body);
        $answer = curl_exec($curl);
        if ($answer === false) {
            throw new \RuntimeException("$method $url: " . curl_error($curl));
        }
        $json = json_decode((string) $answer, true);
        return [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), is_array($json) ? $json : []];
    }

    /**
     * Sends the same POST request several times at once.
     *
     * @param array<string, string> $headers
     * @return array<int, int> how often each status was the answer
     */
    public static function sendCopies(int $copies, string $url, array $headers, string $body): array
    {
        $multi = curl_multi_init();
        $requests = [];
        for ($copy = 0; $copy < $copies; $copy++) {
            $requests[] = $request = self::request($url, 'POST', $headers, $body);
            curl_multi_add_handle($multi, $request);
        }
        do {
            $status = curl_multi_exec($multi, $running);
            curl_multi_select($multi, 0.1);
        } while ($running > 0 && $status === CURLM_OK);
        $statuses = array_count_values(array_map(static fn ($request): int => curl_getinfo($request, CURLINFO_RESPONSE_CODE), $requests));
        ksort($statuses);
        return $statuses;
    }

    /** @param array<string, string> $headers */
    private static function request(string $url, string $method, array $headers, string $body): \CurlHandle
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
        return $curl;
    }
}
