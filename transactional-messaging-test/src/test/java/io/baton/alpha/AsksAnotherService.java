package io.baton.alpha;

import io.baton.beta.Neighbour;

class AsksAnotherService {

    String ask(Neighbour neighbour) {
        return neighbour.answer();
    }
}
