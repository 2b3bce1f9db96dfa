package io.baton.alpha;

class OrderHelper {}
