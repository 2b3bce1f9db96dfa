package io.baton.beta;

public class Neighbour {

    public String answer() {
        return "no";
    }
}
