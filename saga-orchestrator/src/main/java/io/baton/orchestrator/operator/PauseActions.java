package io.baton.orchestrator.operator;

import io.baton.orchestrator.execution.Deed;
import io.baton.orchestrator.execution.SagaPauses;
import io.baton.orchestrator.execution.StoredSaga;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The actions that hold everything back that a saga says, and let it go on. */
@Configuration(proxyBeanMethods = false)
class PauseActions {

    @Bean
    SagaAction pause(SagaPauses pauses) {
        return new Pausing("pause", pauses::pause);
    }

    @Bean
    SagaAction resume(SagaPauses pauses) {
        return new Pausing("resume", pauses::resume);
    }

    private record Pausing(String name, Supplier<Deed> deed) implements SagaAction {

        @Override
        public Set<String> members() {
            return Set.of();
        }

        @Override
        public Deed deed(Members given) {
            return deed.get();
        }

        @Override
        public List<Deed> offered(StoredSaga saga) {
            return List.of(deed.get());
        }
    }
}
