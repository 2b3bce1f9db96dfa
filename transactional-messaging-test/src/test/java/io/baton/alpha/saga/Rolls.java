package io.baton.alpha.saga;

import java.util.Random;

class Rolls {

    int dice() {
        return new Random().nextInt(6);
    }
}
