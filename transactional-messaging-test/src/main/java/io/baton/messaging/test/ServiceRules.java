package io.baton.messaging.test;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.baton.contract.Money;
import io.baton.contract.OrderId;
import io.baton.contract.RefusalCode;
import io.baton.contract.SagaId;
import io.baton.messaging.Ids;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/** The rules that every service's code keeps. A service's test calls {@link #check}. */
public final class ServiceRules {

    private static final String BATON = "io.baton.";

    /** What all services may use. Any other package directly below {@code io.baton} is a service. */
    private static final Set<String> SHARED = Set.of("contract", "messaging", "http");

    /** What a domain may know of the shared modules: who an order is, what money is, and how a "no" is called. */
    private static final Set<Class<?>> DOMAIN_WORDS =
            Set.of(OrderId.class, SagaId.class, Money.class, RefusalCode.class, Ids.class);

    /** Services talk by messages; none knows another's classes. */
    public static final ArchRule SERVICES_DO_NOT_KNOW_ONE_ANOTHER =
            classes().that(describe("belong to a service", c -> isService(roomOf(c)))).should(notUseAnotherService());

    /** The root package of a service is its domain: no broker, no HTTP, no message. Adapters stand beside it. */
    public static final ArchRule THE_DOMAIN_KNOWS_NEITHER_MESSAGES_NOR_HTTP = noClasses()
            .that(describe("stand in a service's root package", ServiceRules::isDomain))
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                            "org.apache.kafka..",
                            "org.springframework.kafka..",
                            "org.springframework.web..",
                            "org.springframework.http..",
                            "jakarta.servlet..",
                            "java.net.http..")
                    .or(describe("are shared, but no word of the domain", ServiceRules::isSharedButNoDomainWord)));

    /** Time and randomness come from beans, so that a test can decide them. */
    public static final ArchRule TIME_AND_RANDOMNESS_ARE_INJECTED = noClasses()
            .should()
            .accessTargetWhere(describe("reads the machine's clock or makes a random id", ServiceRules::isAmbient))
            .because("a Clock and Ids are beans");

    /** Every package says that nothing in it is null unless marked so. */
    public static final ArchRule EVERY_PACKAGE_IS_NULL_MARKED = classes().should(standInANullMarkedPackage());

    /** A name says what a class does. These names say that nobody knew. */
    public static final ArchRule NOTHING_IS_CALLED_UTIL_HELPER_OR_MANAGER = noClasses()
            .should()
            .haveNameMatching(".*(Utils?|Helpers?|Managers?)")
            .orShould()
            .resideInAnyPackage("..common..", "..util..", "..helper..", "..manager..", "..dto..", "..config..");

    private static final List<ArchRule> ALL = List.of(
            SERVICES_DO_NOT_KNOW_ONE_ANOTHER,
            THE_DOMAIN_KNOWS_NEITHER_MESSAGES_NOR_HTTP,
            TIME_AND_RANDOMNESS_ARE_INJECTED,
            EVERY_PACKAGE_IS_NULL_MARKED,
            NOTHING_IS_CALLED_UTIL_HELPER_OR_MANAGER);

    /** Beside {@code now()} of the types of {@code java.time}. */
    private static final Set<String> AMBIENT = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.time.Clock.system",
            "java.time.Clock.systemDefaultZone",
            "java.time.Clock.systemUTC",
            "java.time.Clock.tickMillis",
            "java.time.Clock.tickSeconds",
            "java.time.Clock.tickMinutes",
            "java.util.UUID.randomUUID");

    private ServiceRules() {}

    /**
     * Checks every rule on the production classes in {@code application}'s package and below.
     *
     * @throws AssertionError if one is broken, with each place
     */
    public static void check(Class<?> application) {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(application.getPackageName());
        ALL.forEach(rule -> rule.check(classes));
    }

    /**
     * The rule for a package that must be plain Java: it uses the language, the contract and itself, does no I/O, starts
     * no thread and knows no time but what it is given.
     *
     * @param packageName the package, without those below it
     */
    public static ArchRule plainJava(String packageName) {
        return classes()
                .that()
                .resideInAPackage(packageName)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                                packageName,
                                "java.lang",
                                "java.lang.annotation",
                                "java.lang.invoke",
                                "java.lang.runtime",
                                "java.math",
                                "java.time..",
                                "java.util",
                                "java.util.function",
                                "java.util.stream",
                                "io.baton.contract..",
                                "org.jspecify.annotations")
                        .and(describe("are no Thread and no Random", c -> !c.isAssignableTo(Thread.class)
                                && !c.isAssignableTo(Random.class))))
                .andShould(notBeAmbient());
    }

    private static ArchCondition<JavaClass> notBeAmbient() {
        return new ArchCondition<>("not read the machine's clock") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                item.getAccessesFromSelf().stream()
                        .filter(ServiceRules::isAmbient)
                        .forEach(access ->
                                events.add(SimpleConditionEvent.violated(item, access.getDescription())));
            }
        };
    }

    private static ArchCondition<JavaClass> notUseAnotherService() {
        return new ArchCondition<>("not use another service") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                item.getDirectDependenciesFromSelf().stream()
                        .filter(d -> isService(roomOf(d.getTargetClass()))
                                && !roomOf(d.getTargetClass()).equals(roomOf(item)))
                        .forEach(d -> events.add(SimpleConditionEvent.violated(item, d.getDescription())));
            }
        };
    }

    private static ArchCondition<JavaClass> standInANullMarkedPackage() {
        return new ArchCondition<>("stand in a package that is @NullMarked") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                boolean marked = item.getPackage()
                        .tryGetPackageInfo()
                        .map(info -> info.isAnnotatedWith(NullMarked.class))
                        .orElse(false);
                if (!marked) {
                    events.add(SimpleConditionEvent.violated(
                            item, item.getName() + " stands in a package that is not @NullMarked"));
                }
            }
        };
    }

    private static boolean isDomain(JavaClass type) {
        return isService(roomOf(type))
                && type.getPackageName().equals(BATON + roomOf(type))
                && !type.isAnnotatedWith("org.springframework.boot.autoconfigure.SpringBootApplication");
    }

    private static boolean isSharedButNoDomainWord(JavaClass type) {
        return SHARED.contains(roomOf(type)) && DOMAIN_WORDS.stream().noneMatch(type::isEquivalentTo);
    }

    private static boolean isService(String room) {
        return !room.isEmpty() && !SHARED.contains(room);
    }

    /** The part of the package's name after {@code io.baton.}, up to the next dot; empty for everybody else's classes. */
    private static String roomOf(JavaClass type) {
        String name = type.getPackageName();
        return name.startsWith(BATON) ? name.substring(BATON.length()).split("\\.")[0] : "";
    }

    private static boolean isAmbient(JavaAccess<?> access) {
        AccessTarget target = access.getTarget();
        return AMBIENT.contains(target.getOwner().getName() + "." + target.getName())
                || target instanceof AccessTarget.CodeUnitAccessTarget called
                        && target.getOwner().getPackageName().equals("java.time")
                        && target.getName().equals("now")
                        && called.getRawParameterTypes().stream().noneMatch(type -> type.isEquivalentTo(Clock.class));
    }
}
