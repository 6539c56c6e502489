"""Each invariant taken out of the code once, in a copy: the test that is named for it must fail; `make invariants`."""
