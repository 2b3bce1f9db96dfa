package io.baton.alpha;

import java.util.UUID;

class MakesARandomId {

    UUID id() {
        return UUID.randomUUID();
    }
}
