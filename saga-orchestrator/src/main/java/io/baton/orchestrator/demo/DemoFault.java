package io.baton.orchestrator.demo;

/** What can be made to go wrong at the simulated card gateway; {@code body} is what its simulator is told. */
enum DemoFault {
    DOWN("Gateway down", "Every request is answered 503 with nothing done; charges are tried again until it is back.",
            "{\"gateway\":{\"down\":true}}"),
    SLOW("Gateway slow", "Every answer takes 8 seconds longer.", "{\"gateway\":{\"latencyMillis\":8000}}"),
    FLAKY("Every other request fails", "Half of the requests are answered 500 with nothing done.",
            "{\"gateway\":{\"errorRate\":0.5}}"),
    LOST_ANSWERS("Answers get lost", "Half of the charges are carried out and never answered: the customer has paid, and nobody knows.",
            "{\"gateway\":{\"timeoutAfterRate\":0.5}}");

    final String title;
    final String does;
    final String body;

    DemoFault(String title, String does, String body) {
        this.title = title;
        this.does = does;
        this.body = body;
    }
}
