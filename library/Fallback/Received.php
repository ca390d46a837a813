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
        /** In seconds, or in the contract's unit; null where the contract has no timestamp. */
        public readonly ?int $timestamp,
        public readonly ?string $nonce,
        public readonly ?string $keyId,
        /** @var list<string> 32 bytes each */
        public readonly array $digests,
        /** @var array<string, string> as they were sent, by the name of the field */
        private readonly array $texts,
    ) {
    }

    /**
     * Reads all headers of the contract.
     *
     * The first header that carries a field must be there. A later one that repeats the field may be missing, but must
     * not say otherwise. Of several headers with a signature, all but one may be missing. A signature that does not decode
     * is skipped while another does.
     *
     * @param array<mixed> $headers
     *
     * @throws Rejection for a missing, repeated, malformed or contradicting header
     */
    public static function read(Contract $contract, array $headers): self
    {
        $values = $contract->names->find($headers);
        $texts = $digests = [];
        $timestamp = $undecodable = $leftOut = null;
        foreach ($contract->headers as $index => $header) {
            $value = $values[$index] ?? null;
            if (is_bool($value)) {
                throw $value
                    ? new Rejection(Reason::RepeatedHeader, "$header->name stands more than once")
                    : new Rejection(Reason::MalformedHeader, "$header->name is not a string");
            }
            if ($value === null) {
                if ($header->hasSignature && $contract->hasSeveralSignatureHeaders()) {
                    $leftOut ??= self::missing($header);
                } elseif (array_diff_key(array_flip(array_column($header->fields, 'value')), $texts) !== []) {
                    throw self::missing($header);
                }
                continue;
            }
            $contradicts = false;
            try {
                foreach ($header->read($value) as [$field, $text, $offset]) {
                    if ($field === Field::Signature) {
                        try {
                            $digests[] = Digest::decode($text, $contract->encoding, $offset);
                        } catch (HeaderError $error) {
                            $undecodable ??= Rejection::malformed($header->name, $error);
                        }
                    } elseif (isset($texts[$field->value])) {
                        $contradicts = $contradicts || $texts[$field->value] !== $text;
                    } else {
                        $texts[$field->value] = $text;
                        if ($field === Field::Timestamp) {
                            $timestamp = $contract->timestamp->parse($text, $offset);
                        } else {
                            self::requireField($contract, $field, $text, $offset);
                        }
                    }
                }
            } catch (HeaderError $error) {
                throw Rejection::malformed($header->name, $error);
            }
            if ($contradicts) {
                throw new Rejection(Reason::MalformedHeader, "$header->name contradicts another header of the request");
            }
        }
        if ($digests === []) {
            throw $undecodable ?? $leftOut;
        }
        return new self($timestamp, $texts['nonce'] ?? null, $texts['key_id'] ?? null, $digests, $texts);
    }

    private static function missing(HeaderTemplate $header): Rejection
    {
        return new Rejection(Reason::MissingHeader, "$header->name is missing");
    }

    /** @throws HeaderError */
    private static function requireField(Contract $contract, Field $field, string $text, int $offset): void
    {
        match ($field) {
            Field::Nonce => $contract->nonce->accepts($text) || throw HeaderError::nonce($offset),
            Field::KeyId => KeyId::isValid($text) || throw HeaderError::keyId($offset),
            Field::SignedHeaders => $contract->takesSignedHeaders($text) || throw HeaderError::signedHeaders($offset),
        };
    }

    /**
     * What goes into the string to sign, by the name of the field.
     *
     * @return array<string, string>
     *
     * @throws Rejection for a target whose canonical form has a control byte
     */
    public function values(Contract $contract, ?Request $request): array
    {
        $stringToSign = $contract->stringToSign;
        if ($request === null || !$stringToSign->signsRequest) {
            return $this->texts;
        }
        if ($stringToSign->signsHeaderList) {
            // The list that was sent decides, where one is sent.
            $list = $this->texts['signed_headers'] ?? $contract->signedHeadersText();
            $request = $request->withHeaders($request->headers, $list);
        }
        try {
            return $this->texts + $stringToSign->valuesOf($request, $contract->signedHeaders);
        } catch (RequestError $error) {
            throw $error->rejection();
        }
    }
}
