package io.baton.gamma.saga;

import io.baton.contract.SagaId;
import java.time.Instant;
import java.util.List;

record Decision(SagaId sagaId, Instant at, List<String> commands) {}
