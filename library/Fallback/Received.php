<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

use HwSignature\Reason;

/**
 * What the headers of a request say, read but not yet believed.
 *
 * @internal
 */
final class Received
{
    private function __construct(
        /** In the contract's unit; null where the contract has no timestamp. */
        public readonly ?int $timestamp,
        public readonly ?string $nonce,
        public readonly ?string $keyId,
        /** 32 bytes. */
        public readonly string $digest,
        /** @var array<string, string> as they were sent, by the name of the field */
        private readonly array $texts,
    ) {
    }

    /**
     * Reads all headers of the contract.
     *
     * The first header that carries a field must be there. A later one that repeats the field may be missing, but must
     * not say otherwise.
     *
     * @param array<mixed> $headers
     *
     * @throws Rejection for a missing, repeated, malformed or contradicting header
     */
    public static function read(Contract $contract, array $headers): self
    {
        $values = $contract->receive($headers);
        $texts = [];
        $timestamp = null;
        $digest = '';
        foreach ($contract->headers as $index => $header) {
            $value = $values[$index] ?? null;
            if (!is_string($value)) {
                if ($value !== null) {
                    throw $value
                        ? new Rejection(Reason::RepeatedHeader, "$header->name stands more than once")
                        : new Rejection(Reason::MalformedHeader, "$header->name is not a string");
                }
                foreach ($header->fields as $field) {
                    if (!isset($texts[$field->value])) {
                        throw new Rejection(Reason::MissingHeader, "$header->name is missing");
                    }
                }
                continue;
            }
            $contradicts = false;
            try {
                foreach ($header->read($value) as $place => [$text, $offset]) {
                    $field = $header->fields[$place];
                    if (isset($texts[$field->value])) {
                        $contradicts = $contradicts || $texts[$field->value] !== $text;
                        continue;
                    }
                    $texts[$field->value] = $text;
                    if ($field === Field::Signature) {
                        $digest = Digest::decode($text, $contract->encoding, $offset);
                    } elseif ($field === Field::Timestamp) {
                        $timestamp = Freshness::parse($text, $offset);
                    } elseif ($field === Field::Nonce) {
                        $contract->nonce->accepts($text) || throw HeaderError::nonce($offset);
                    } else {
                        KeyId::isValid($text) || throw HeaderError::keyId($offset);
                    }
                }
            } catch (HeaderError $error) {
                throw Rejection::malformed($header->name, $error);
            }
            if ($contradicts) {
                throw new Rejection(Reason::MalformedHeader, "$header->name contradicts another header of the request");
            }
        }
        return new self($timestamp, $texts['nonce'] ?? null, $texts['key_id'] ?? null, $digest, $texts);
    }

    /**
     * What goes into the string to sign, by the name of the field.
     *
     * @return array<string, string>
     *
     * @throws Rejection for a target whose canonical form has a control byte
     */
    public function values(StringToSign $stringToSign, Request $request): array
    {
        if (!$stringToSign->signsRequest) {
            return $this->texts;
        }
        try {
            return $this->texts + $stringToSign->valuesOf($request);
        } catch (RequestError $error) {
            throw $error->rejection();
        }
    }
}
