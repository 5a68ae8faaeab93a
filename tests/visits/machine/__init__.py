"""The queue's state machine: what may be pressed, the bridge between paper and product, and the acts by place."""
