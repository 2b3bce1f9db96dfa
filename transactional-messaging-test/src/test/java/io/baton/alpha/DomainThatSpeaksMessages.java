package io.baton.alpha;

import io.baton.contract.inventory.ReserveStock;

class DomainThatSpeaksMessages {

    int lines(ReserveStock message) {
        return message.lines().size();
    }
}
