<?php

declare(strict_types=1);

namespace OCA\SignedBackend\Service;

use OCP\AppFramework\Utility\ITimeFactory;
use OCP\DB\Exception;
use OCP\DB\QueryBuilder\IQueryBuilder;
use OCP\IDBConnection;

/**
 * Remembers which requests were accepted, in a table whose primary key decides who was first.
 *
 * Nextcloud's cache would not do: it forgets everything when any app is enabled, disabled or updated, and with APCu each
 * machine has one of its own.
 */
final class ReplayGuard
{
    public const TABLE = 'signed_backend_claims';

    public function __construct(
        private readonly IDBConnection $database,
        private readonly ITimeFactory $time,
    ) {
    }

    /** Claims an id for some seconds: true when nobody had claimed it. Not to be called inside a transaction. */
    public function claim(string $id, int $seconds): bool
    {
        $query = $this->database->getQueryBuilder();
        $query->insert(self::TABLE)->values([
            'id' => $query->createNamedParameter($id),
            'expires' => $query->createNamedParameter($this->time->getTime() + $seconds, IQueryBuilder::PARAM_INT),
        ]);
        try {
            $query->executeStatement();
            return true;
        } catch (Exception $exception) {
            if ($exception->getReason() === Exception::REASON_UNIQUE_CONSTRAINT_VIOLATION) {
                return false;
            }
            throw $exception;
        }
    }

    /**
     * Gives claims back, so that the same request can come again.
     *
     * @param list<string> $ids
     */
    public function release(array $ids): void
    {
        foreach ($ids as $id) {
            $query = $this->database->getQueryBuilder();
            $query->delete(self::TABLE)->where($query->expr()->eq('id', $query->createNamedParameter($id)));
            $query->executeStatement();
        }
    }

    public function removeExpired(): void
    {
        $query = $this->database->getQueryBuilder();
        $now = $query->createNamedParameter($this->time->getTime(), IQueryBuilder::PARAM_INT);
        $query->delete(self::TABLE)->where($query->expr()->lt('expires', $now));
        $query->executeStatement();
    }
}
