"""How events become records of a Kafka topic, shared by what writes them; it needs the extra `kafka`.

A topic has one contract: the value is the SemanticEvent's JSON, the key puts one user's events into one
partition, in order.
"""
