package io.baton.contract;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.delivery.DeliveryCommand;
import io.baton.contract.inventory.InventoryCommand;
import io.baton.contract.order.OrderCommand;
import io.baton.contract.payment.PaymentCommand;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ContractTest {

    @Test
    void every_record_of_a_sealed_family_is_a_message_of_the_contract() throws Exception {
        List<Class<?>> families = classes().filter(Class::isSealed).toList();
        assertThat(families).hasSizeGreaterThanOrEqualTo(8);
        Set<Class<?>> members = families.stream()
                .flatMap(family -> Arrays.stream(family.getPermittedSubclasses()))
                .collect(toSet());
        assertThat(members).allMatch(Class::isRecord);
        assertThat(messageBodies()).containsAll(members);
    }

    @Test
    void every_type_that_says_refusal_or_outcome_is_a_message_of_the_contract() throws Exception {
        assertThat(messageBodies())
                .containsAll(classes()
                        .filter(type -> Outcome.class.isAssignableFrom(type) && !type.isInterface())
                        .toList());
    }

    @Test
    void names_and_bodies_are_unique() {
        assertThat(Contract.MESSAGES.stream().map(MessageType::name)).doesNotHaveDuplicates();
        assertThat(messageBodies()).doesNotHaveDuplicates();
    }

    @Test
    void a_name_says_the_owner_that_the_package_says() {
        assertThat(Contract.MESSAGES).allSatisfy(type -> {
            String owner = type.name().substring(0, type.name().indexOf('.'));
            String room = type.body().getPackageName().replace(Contract.class.getPackageName(), "");
            assertThat(room).isEqualTo(owner.equals("saga") ? "" : "." + owner);
        });
    }

    @Test
    void each_command_stands_on_its_owners_topic_and_nowhere_else() {
        Map<Class<?>, String> topics = Map.of(
                OrderCommand.class, Topics.ORDER_COMMANDS,
                PaymentCommand.class, Topics.PAYMENT_COMMANDS,
                InventoryCommand.class, Topics.INVENTORY_COMMANDS,
                DeliveryCommand.class, Topics.DELIVERY_COMMANDS);
        topics.forEach((family, topic) -> {
            Set<Class<?>> onTopic = Contract.MESSAGES.stream()
                    .filter(type -> type.topics().contains(topic))
                    .map(MessageType::body)
                    .collect(toSet());
            assertThat(onTopic).containsExactlyInAnyOrder(family.getPermittedSubclasses());
        });
    }

    @Test
    void each_outcome_may_be_a_reply() {
        assertThat(Contract.MESSAGES)
                .filteredOn(type -> Outcome.class.isAssignableFrom(type.body()))
                .hasSizeGreaterThanOrEqualTo(10)
                .allMatch(type -> type.topics().contains(Topics.SAGA_REPLIES));
    }

    @Test
    void a_refusal_code_is_its_own_name() throws IllegalAccessException {
        for (var field : RefusalCode.class.getFields()) {
            assertThat(field.get(null)).isEqualTo(field.getName());
        }
    }

    private static List<Class<?>> messageBodies() {
        return Contract.MESSAGES.stream().<Class<?>>map(MessageType::body).toList();
    }

    /** Every public type of this module. */
    private static Stream<Class<?>> classes() throws IOException, URISyntaxException {
        Path root = Path.of(
                Contract.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Stream<Path> files = Files.walk(root)) {
            return files
                    .map(file -> root.relativize(file).toString())
                    .filter(file -> file.endsWith(".class") && !file.endsWith("-info.class"))
                    .map(file -> file.substring(0, file.length() - ".class".length()).replace('/', '.'))
                    .<Class<?>>map(ContractTest::load)
                    .filter(type -> Modifier.isPublic(type.getModifiers()))
                    .toList()
                    .stream();
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
