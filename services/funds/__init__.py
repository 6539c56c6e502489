"""funds: money for the neighbourhood.

Owns titles, funds, budgets, the ledger, rounds, applications, juries, sessions, grants, payments, proposals and ballots.
Hears actors (who there is, who belongs to whom). Says where every cent is, why it was given and who decided.
"""
