<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Tests\Support\Php;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/** .github/workflows, which nothing runs here, and the scripts that they call, as far as they run without docker. */
final class WorkflowsTest extends TestCase
{
    private const ROOT = __DIR__ . '/..';
    private const WORKFLOWS = ['ci', 'release'];
    private const VERSIONS = ['8.2', '8.3', '8.4', '8.5'];
    private const RUNNERS = ['ubuntu-24.04', 'ubuntu-24.04-arm'];

    private string $directory;

    protected function setUp(): void
    {
        $this->directory = sys_get_temp_dir() . '/hw_signature-workflows-' . bin2hex(random_bytes(6));
        mkdir($this->directory);
    }

    protected function tearDown(): void
    {
        Php::run(['rm', '-r', $this->directory]);
    }

    private static function text(string $workflow): string
    {
        return (string) file_get_contents(self::ROOT . "/.github/workflows/$workflow.yml");
    }

    /** @return array<string, mixed> */
    private static function parsed(string $workflow): array
    {
        // YAML 1.1 takes the key `on` for a boolean.
        $code = 'import json, sys, yaml; print(json.dumps({str(k): v for k, v in yaml.safe_load(sys.stdin).items()}))';
        [$status, $json, $errors] = Php::run(['/usr/bin/python3', '-c', $code], self::text($workflow));
        if (str_contains($errors, "No module named 'yaml'")) {
            self::markTestSkipped('There is no YAML: make deps installs python3-yaml.');
        }
        self::assertSame([0, ''], [$status, $errors]);
        return json_decode($json, true, flags: JSON_THROW_ON_ERROR);
    }

    /**
     * The variables of a job and of its steps, for each case of its matrix.
     *
     * @param array<string, mixed> $job
     *
     * @return list<array<string, string>> keyed as a shell names them: $IMAGE
     */
    private static function environments(array $job): array
    {
        $cases = [[]];
        foreach ($job['strategy']['matrix'] ?? [] as $axis => $values) {
            $with = static fn(array $case): array => array_map(static fn(string $value): array => $case + ["\${{ matrix.$axis }}" => $value], $values);
            $cases = array_merge(...array_map($with, $cases));
        }
        $variables = array_merge($job['env'] ?? [], ...array_map(static fn(array $step): array => $step['env'] ?? [], $job['steps']));
        return array_map(static function (array $case) use ($variables): array {
            // The one kind of condition that there is.
            $choose = static fn(array $match): string => $case["\${{ matrix.$match[1] }}"] === $match[2] ? $match[3] : $match[4];
            $condition = '/\$\{\{ matrix\.(\w+) == \'([^\']*)\' && \'([^\']*)\' \|\| \'([^\']*)\' \}\}/';
            $names = array_map(static fn(string $name): string => "\$$name", array_keys($variables));
            return array_combine($names, array_map(static fn(string $text): string => strtr((string) preg_replace_callback($condition, $choose, $text), $case), $variables));
        }, $cases);
    }

    /**
     * @param array<string, mixed> $job
     *
     * @return list<string> the commands of its steps
     */
    private static function commands(array $job): array
    {
        return array_column($job['steps'], 'run');
    }

    /** @return array<string, array{string}> */
    public static function workflows(): array
    {
        return array_combine(self::WORKFLOWS, array_map(static fn(string $name): array => [$name], self::WORKFLOWS));
    }

    public function testTheseAreAllWorkflows(): void
    {
        $names = array_map(static fn(string $file): string => basename($file, '.yml'), glob(self::ROOT . '/.github/workflows/*'));
        self::assertSame(self::WORKFLOWS, $names);
    }

    public function testEveryPhpIsTestedWithEachLibraryOnEachProcessor(): void
    {
        $matrix = self::parsed('ci')['jobs']['test']['strategy']['matrix'];

        self::assertSame(['php' => self::VERSIONS, 'libc' => ['glibc', 'musl'], 'runner' => self::RUNNERS], $matrix);
    }

    public function testEveryPhpHasArchivesForEachSystemAndProcessor(): void
    {
        $jobs = self::parsed('release')['jobs'];

        $matrix = ['php' => self::VERSIONS, 'variant' => ['cli', 'zts'], 'libc' => ['glibc', 'musl'], 'runner' => self::RUNNERS];
        self::assertSame($matrix, $jobs['linux']['strategy']['matrix']);
        self::assertSame(['php' => self::VERSIONS, 'runner' => ['macos-15', 'macos-15-intel']], $jobs['macos']['strategy']['matrix']);
        foreach (['linux' => 'scripts/try-archive', 'macos' => 'scripts/try-archive', 'debian' => 'scripts/first-example.php'] as $job => $try) {
            $commands = self::commands($jobs[$job]);
            $made = array_keys(preg_grep('/make (dist|deb)/', $commands));
            $tried = array_keys(preg_grep('~' . preg_quote($try, '~') . '~', $commands));
            self::assertTrue(count($made) === 1 && $tried !== [] && $made[0] < min($tried), "$job: made, and then tried");
        }
    }

    public function testAnArchiveIsTriedWithTheLibrariesThatItIsFor(): void
    {
        $job = self::parsed('release')['jobs']['linux'];
        $uploads = array_keys(preg_grep('~^actions/upload-artifact@~', array_map(static fn(array $step): string => $step['uses'] ?? '', $job['steps'])));
        $ofMusl = array_filter($job['steps'], static fn(array $step): bool => isset($step['if']));
        self::assertSame(["matrix.libc == 'musl'"], array_column($ofMusl, 'if'));
        self::assertLessThan($uploads[0], array_key_last($ofMusl), 'tried, and then uploaded');
        foreach (self::environments($job) as $environment) {
            $steps = $environment['$LIBC'] === 'musl' ? $job['steps'] : array_diff_key($job['steps'], $ofMusl);
            preg_match_all('~scripts/image "(.*?)"\)" sh scripts/try-archive (\S+)~', strtr(implode("\n", array_column($steps, 'run')), ['"$LIBC"' => '$LIBC']), $tried, PREG_SET_ORDER);
            $tried = array_map(static fn(array $try): array => [strtr($try[1], $environment), strtr($try[2], $environment)], $tried);
            $image = preg_replace('/-alpine$/', '', $environment['$IMAGE']);
            $expected = $environment['$LIBC'] === 'musl'
                ? [["$image-alpine", 'musl'], ["$image-alpine", 'anylibc'], [$image, 'anylibc']]
                : [[$image, 'glibc']];
            self::assertSame($expected, $tried);
        }
    }

    public function testAJobMayDoWhatItIsForAndNothingElse(): void
    {
        $granted = [];
        foreach (self::WORKFLOWS as $name) {
            $workflow = self::parsed($name);
            self::assertSame(['contents' => 'read'], $workflow['permissions'], $name);
            foreach ($workflow['jobs'] as $job => $definition) {
                $granted["$name $job"] = $definition['permissions'] ?? null;
                foreach ($definition['steps'] as $step) {
                    if (str_starts_with($step['uses'] ?? '', 'actions/checkout@')) {
                        self::assertFalse($step['with']['persist-credentials'], "$name $job");
                    }
                }
            }
        }
        self::assertSame([
            'release attest' => ['id-token' => 'write', 'attestations' => 'write'],
            'release draft' => ['contents' => 'write'],
        ], array_filter($granted));
        $jobs = self::parsed('release')['jobs'];
        self::assertSame(['attest', ['linux', 'macos', 'debian']], [$jobs['draft']['needs'], $jobs['attest']['needs']], 'nothing is drafted that is not attested');
        self::assertSame(['ready', 'ready', 'ready'], array_map(static fn(string $job): string => $jobs[$job]['needs'], $jobs['attest']['needs']));
    }

    /** @dataProvider workflows */
    #[DataProvider('workflows')]
    public function testAnActionIsPinnedToACommit(string $workflow): void
    {
        preg_match_all('/uses: (.*)/', self::text($workflow), $uses);

        self::assertNotSame([], $uses[1]);
        foreach ($uses[1] as $use) {
            self::assertMatchesRegularExpression('~^actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$~', $use);
        }
        // What a branch or a title is called is for others to choose, and the shell would run it.
        self::assertDoesNotMatchRegularExpression('/run:.*\$\{\{/', self::text($workflow));
    }

    /** @dataProvider workflows */
    #[DataProvider('workflows')]
    public function testWhatIsCalledIsThere(string $workflow): void
    {
        $makefile = (string) file_get_contents(self::ROOT . '/Makefile');
        $commands = implode("\n", array_merge(...array_values(array_map(self::commands(...), self::parsed($workflow)['jobs']))));

        preg_match_all('/\bmake ([a-z-]+)/', $commands, $targets);
        self::assertNotSame([], $targets[1]);
        foreach ($targets[1] as $target) {
            self::assertMatchesRegularExpression("/^$target:/m", $makefile);
        }
        preg_match_all('~(sh |php )?\b(scripts/[\w.-]+)~', $commands, $scripts, PREG_SET_ORDER);
        self::assertNotSame([], $scripts);
        foreach ($scripts as [, $interpreter, $script]) {
            self::assertTrue($interpreter === '' ? is_executable(self::ROOT . "/$script") : is_file(self::ROOT . "/$script"), $script);
        }
    }

    public function testTheImagesOfTheWorkflowsAreThoseOfTheList(): void
    {
        $used = [];
        foreach (self::WORKFLOWS as $workflow) {
            foreach (self::parsed($workflow)['jobs'] as $job) {
                $commands = implode("\n", self::commands($job));
                preg_match_all('~scripts/(?:in-)?image "?([\w:.$-]+)~', $commands, $images);
                self::assertSame(substr_count($commands, 'docker run'), substr_count($commands, '"$(scripts/image '), 'no image but those of the list');
                foreach (self::environments($job) as $environment) {
                    array_push($used, ...array_map(static fn(string $image): string => strtr($image, $environment), $images[1]));
                }
            }
        }
        $used = array_values(array_unique($used));
        sort($used);
        preg_match_all('/^(?!#)(\S+) sha256:[0-9a-f]{64}$/m', (string) file_get_contents(self::ROOT . '/.github/images.txt'), $listed);

        self::assertSame($listed[1], $used);
    }

    public function testAReleaseRefusesAnImageThatIsNotPinned(): void
    {
        $digest = 'sha256:' . str_repeat('0123456789abcdef', 4);
        mkdir("$this->directory/scripts");
        mkdir("$this->directory/.github");
        foreach (['image', 'pin-images', 'release-ready'] as $script) {
            copy(self::ROOT . "/scripts/$script", "$this->directory/scripts/$script");
            chmod("$this->directory/scripts/$script", 0755);
        }
        file_put_contents("$this->directory/Cargo.toml", "[package]\nversion = \"1.2.3\"\n");
        file_put_contents("$this->directory/CHANGELOG.md", "# Changelog\n\n## 1.2.3 - 2026-11-26\n");
        file_put_contents("$this->directory/.github/images.txt", "# The images.\nphp:8.4-cli -\nphp:8.5-cli $digest\nphp:8.6-cli sha256:abc\n");
        $run = fn(string $script, string ...$arguments): array => Php::run(['bash', "$this->directory/scripts/$script", ...$arguments]);

        self::assertSame([0, "php:8.5-cli@$digest\n", ''], $run('image', 'php:8.5-cli'));
        foreach (['php:8.4-cli', 'php:8.6-cli', 'php:8'] as $image) {
            [$status, $output, $errors] = $run('image', $image);
            self::assertSame([1, ''], [$status, $output]);
            self::assertStringContainsString('.github/images.txt', $errors);
        }
        self::assertSame(1, $run('release-ready', '1.2.3')[0]);

        // A registry that knows a digest for each of them, and then one that does not.
        foreach ([$digest => 0, 'no such manifest' => 1] as $answer => $expected) {
            file_put_contents("$this->directory/docker", "#!/bin/sh\necho '$answer'\n");
            chmod("$this->directory/docker", 0755);
            $path = "PATH=$this->directory:" . getenv('PATH');
            self::assertSame($expected, Php::run(['env', $path, 'bash', "$this->directory/scripts/pin-images"])[0]);
            $pinned = "# The images.\nphp:8.4-cli $digest\nphp:8.5-cli $digest\nphp:8.6-cli $digest\n";
            self::assertStringEqualsFile("$this->directory/.github/images.txt", $pinned);
        }
        self::assertSame([0, "1.2.3 can be built.\n", ''], $run('release-ready', '1.2.3'));
        self::assertSame([0, "1.2.3 can be built.\n", ''], $run('release-ready', ''));
        self::assertSame(1, $run('release-ready', '1.2.4')[0]);
        foreach (['[Unreleased]', '1.2.3 - unreleased', '1.2.30 - 2026-11-26', '1.2.3'] as $heading) {
            file_put_contents("$this->directory/CHANGELOG.md", "# Changelog\n\n## $heading\n");
            self::assertSame(1, $run('release-ready', '1.2.3')[0], $heading);
        }
    }
}
