package io.baton.alpha.util;

class Strings {}
