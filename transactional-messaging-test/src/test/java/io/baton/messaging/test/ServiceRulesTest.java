package io.baton.messaging.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sees each rule fail once on {@code io.baton.alpha}, and hold on {@code io.baton.gamma}. */
class ServiceRulesTest {

    private static final JavaClasses BAD = imported("io.baton.alpha", "io.baton.beta");
    private static final JavaClasses GOOD = imported("io.baton.gamma");

    @Test
    void a_service_that_uses_another_ones_class_is_found() {
        assertBroken(ServiceRules.SERVICES_DO_NOT_KNOW_ONE_ANOTHER, "AsksAnotherService");
    }

    @Test
    void a_domain_that_knows_messages_or_kafka_is_found() {
        assertBroken(
                ServiceRules.THE_DOMAIN_KNOWS_NEITHER_MESSAGES_NOR_HTTP,
                "DomainThatSpeaksKafka",
                "DomainThatSpeaksMessages");
    }

    @Test
    void a_class_that_reads_the_clock_or_makes_a_random_id_is_found() {
        assertBroken(
                ServiceRules.TIME_AND_RANDOMNESS_ARE_INJECTED,
                "LooksAtTheClock.today()",
                "MakesARandomId.id()",
                "ReadsTheClock.byReference()",
                "ReadsTheClock.directly()");
    }

    @Test
    void a_package_that_is_not_null_marked_is_found() {
        assertBroken(ServiceRules.EVERY_PACKAGE_IS_NULL_MARKED, "loose.Unmarked", "util.Strings");
    }

    @Test
    void a_drawer_is_found_by_its_name() {
        assertBroken(ServiceRules.NOTHING_IS_CALLED_UTIL_HELPER_OR_MANAGER, "OrderHelper", "util.Strings");
    }

    @Test
    void a_package_of_plain_java_that_reads_a_file_or_the_clock_or_rolls_dice_is_found() {
        assertBroken(ServiceRules.plainJava("io.baton.alpha.saga"), "LooksAtTheClock", "ReadsAFile", "Rolls");
    }

    @Test
    void a_service_that_keeps_the_rules_passes() {
        for (ArchRule rule : List.of(
                ServiceRules.SERVICES_DO_NOT_KNOW_ONE_ANOTHER,
                ServiceRules.THE_DOMAIN_KNOWS_NEITHER_MESSAGES_NOR_HTTP,
                ServiceRules.TIME_AND_RANDOMNESS_ARE_INJECTED,
                ServiceRules.EVERY_PACKAGE_IS_NULL_MARKED,
                ServiceRules.NOTHING_IS_CALLED_UTIL_HELPER_OR_MANAGER,
                ServiceRules.plainJava("io.baton.gamma.saga"))) {
            assertThatNoException().isThrownBy(() -> rule.check(GOOD));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"io.baton.messaging", "io.baton.contract"})
    void the_shared_modules_keep_the_rules_that_are_theirs_too(String room) {
        JavaClasses shared = new ClassFileImporter()
                .withImportOption(location -> !location.contains("/test-classes/"))
                .importPackages(room);
        ServiceRules.EVERY_PACKAGE_IS_NULL_MARKED.check(shared);
        ServiceRules.NOTHING_IS_CALLED_UTIL_HELPER_OR_MANAGER.check(shared);
    }

    /** The rule is broken by exactly the classes whose names hold {@code places}, one each. */
    private static void assertBroken(ArchRule rule, String... places) {
        assertThatThrownBy(() -> rule.check(BAD)).isInstanceOf(AssertionError.class);
        List<String> violations =
                rule.evaluate(BAD).getFailureReport().getDetails().stream().sorted().toList();
        assertThat(places).allSatisfy(place -> assertThat(violations).anyMatch(v -> v.contains(place)));
        assertThat(violations).allMatch(v -> List.of(places).stream().anyMatch(v::contains));
    }

    private static JavaClasses imported(String... packages) {
        return new ClassFileImporter().importPackages(packages);
    }
}
