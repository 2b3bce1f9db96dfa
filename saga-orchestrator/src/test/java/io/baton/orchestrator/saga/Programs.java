package io.baton.orchestrator.saga;

/** What is under proof: the orchestrator's machine, and how participants treat commands. */
record Programs(Machine machine, Participant.Rules participants) {

    static final Programs AS_THEY_ARE = new Programs(SagaMachine::decide, Participant.Rules.AS_THEY_ARE);

    static Programs with(Machine machine) {
        return new Programs(machine, AS_THEY_ARE.participants);
    }

    static Programs with(Participant.Rules participants) {
        return new Programs(AS_THEY_ARE.machine, participants);
    }
}
