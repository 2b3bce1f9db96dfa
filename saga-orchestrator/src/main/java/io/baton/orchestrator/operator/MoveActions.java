package io.baton.orchestrator.operator;

import io.baton.orchestrator.execution.Deed;
import io.baton.orchestrator.execution.SagaPreviews;
import io.baton.orchestrator.execution.StoredSaga;
import io.baton.orchestrator.saga.OperatorAction;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The actions that the machine decides. */
@Configuration(proxyBeanMethods = false)
class MoveActions {

    /** What is offered; an operator can ask for any other. */
    private static final Duration EXTENSION = Duration.ofMinutes(10);

    @Bean
    SagaAction retry() {
        return new Move("retry", Set.of(), _ -> new OperatorAction.Retry());
    }

    @Bean
    SagaAction compensate() {
        return new Move("compensate", Set.of(), _ -> new OperatorAction.Compensate());
    }

    @Bean
    SagaAction skip() {
        return new Move(
                "skip", Set.of("step"), members -> new OperatorAction.Skip(Asked.text("step", members.step(), 100)));
    }

    @Bean
    SagaAction resolve() {
        return new Move(
                "resolve",
                Set.of("step", "took"),
                members -> new OperatorAction.Resolve(
                        Asked.text("step", members.step(), 100),
                        Asked.flag("took", Asked.required("took", members.took()))));
    }

    @Bean
    SagaAction extend() {
        return new Move(
                "extend",
                Set.of("by"),
                members -> new OperatorAction.Extend(Asked.duration("by", Asked.required("by", members.by()))));
    }

    private record Move(String name, Set<String> members, Function<Members, OperatorAction> action)
            implements SagaAction {

        @Override
        public Deed deed(Members given) {
            return new Deed.Move(action.apply(given));
        }

        @Override
        public List<Deed> offered(StoredSaga saga) {
            return SagaPreviews.moves(saga, EXTENSION).stream()
                    .filter(deed -> deed.name().equals(name))
                    .toList();
        }
    }
}
