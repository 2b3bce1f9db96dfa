package io.baton.orchestrator.execution;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * What a deployment asks before it starts a new program: which open sagas are there, and with which of them could this
 * program not go on? Nothing else runs meanwhile: no server, no consumer, no timer, and no migration.
 */
public final class DefinitionComparison implements ApplicationRunner, ExitCodeGenerator {

    /** In which nothing but the comparison runs. */
    public static final String PROFILE = "compare-definitions";

    private static final String SWITCH = "--baton.compare-definitions";

    /** What the process ends with if there are sagas that this program could not go on with. */
    static final int LEFT_BEHIND = 3;

    private static final Logger log = LoggerFactory.getLogger(DefinitionComparison.class);

    private final JdbcOperations jdbc;
    private final SagaDefinitions definitions;
    private int leftBehind;

    DefinitionComparison(JdbcOperations jdbc, SagaDefinitions definitions) {
        this.jdbc = jdbc;
        this.definitions = definitions;
    }

    /**
     * Open sagas that are alike.
     *
     * @param hash of what the definition did when they started; null if they are older than hashes
     * @param isKnown whether this program can go on with them
     */
    record Alike(String definition, int version, @Nullable String hash, String state, long count, boolean isKnown) {}

    /** Whether the command line asks for the comparison and nothing else. */
    public static boolean isWishedBy(String... arguments) {
        return List.of(arguments).contains(SWITCH);
    }

    /** Lets the application start nothing but the comparison. */
    public static void only(SpringApplication application) {
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setLazyInitialization(true);
        application.setAdditionalProfiles(PROFILE);
        application.setDefaultProperties(Map.of(
                "spring.autoconfigure.exclude",
                "io.baton.messaging.TransactionalMessagingAutoConfiguration,"
                        + "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration",
                "spring.main.banner-mode",
                "off"));
    }

    @Override
    public void run(ApplicationArguments arguments) {
        List<Alike> open = open();
        open.forEach(sagas -> log.info(
                "{} {} version {} hash {} in state {}: {}",
                sagas.count(),
                sagas.definition(),
                sagas.version(),
                sagas.hash() == null ? "unknown" : sagas.hash(),
                sagas.state(),
                sagas.isKnown() ? "goes on" : "HAS NO DEFINITION HERE"));
        long lost = open.stream().filter(sagas -> !sagas.isKnown()).mapToLong(Alike::count).sum();
        leftBehind = lost == 0 ? 0 : LEFT_BEHIND;
        log.info(
                "{} open sagas; {} of them would have no step to go on with",
                open.stream().mapToLong(Alike::count).sum(),
                lost);
    }

    /**
     * The histogram of the sagas that have not ended. They are found among those that the sweep has not met and those
     * that have a timer, so that it costs as much as there are open ones.
     */
    List<Alike> open() {
        return jdbc.query(
                "SELECT d.definition, d.definition_version, d.definition_hash, s.state, count(*) FROM saga s "
                        + "JOIN saga_data d ON d.id = s.id WHERE s.id IN (SELECT id FROM saga WHERE id >= "
                        + "(SELECT swept_to FROM saga_sweep) UNION SELECT saga_id FROM saga_timer) "
                        + "AND s.phase NOT IN (2, 3) GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
                (row, number) -> new Alike(
                        row.getString(1),
                        row.getInt(2),
                        row.getString(3),
                        row.getString(4),
                        row.getLong(5),
                        definitions.find(row.getString(1), row.getInt(2), row.getString(3)).isPresent()));
    }

    @Override
    public int getExitCode() {
        return leftBehind;
    }
}
