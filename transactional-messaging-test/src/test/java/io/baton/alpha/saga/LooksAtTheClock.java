package io.baton.alpha.saga;

import java.time.LocalDate;
import java.time.ZoneOffset;

class LooksAtTheClock {

    LocalDate today() {
        return LocalDate.now(ZoneOffset.UTC);
    }
}
