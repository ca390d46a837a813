<?php

declare(strict_types=1);

namespace OCA\SignedBackend\Migration;

use OCA\SignedBackend\Service\ReplayGuard;
use OCP\DB\ISchemaWrapper;
use OCP\DB\Types;
use OCP\Migration\IOutput;
use OCP\Migration\SimpleMigrationStep;

final class Version000200Date20261126000000 extends SimpleMigrationStep
{
    public function changeSchema(IOutput $output, \Closure $schemaClosure, array $options): ?ISchemaWrapper
    {
        $schema = $schemaClosure();
        if ($schema->hasTable(ReplayGuard::TABLE)) {
            return null;
        }
        $table = $schema->createTable(ReplayGuard::TABLE);
        $table->addColumn('id', Types::STRING, ['notnull' => true, 'length' => 64]);
        $table->addColumn('expires', Types::BIGINT, ['notnull' => true]);
        $table->setPrimaryKey(['id']);
        $table->addIndex(['expires'], 'signed_backend_expires');
        return $schema;
    }
}
