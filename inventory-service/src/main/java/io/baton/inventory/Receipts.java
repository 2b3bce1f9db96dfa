package io.baton.inventory;

import org.springframework.data.repository.Repository;

/** Everything that ever came in. */
interface Receipts extends Repository<Receipt, Long> {

    Receipt save(Receipt receipt);
}
