package io.baton.inventory;

/** Tells others that a product was added, or that its name or price changed. */
public interface ProductNews {

    /** Part of the open transaction: what is told is told if that commits, and never otherwise. */
    void changed(Product product);
}
