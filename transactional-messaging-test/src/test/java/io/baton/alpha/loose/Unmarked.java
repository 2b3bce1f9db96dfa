package io.baton.alpha.loose;

class Unmarked {}
