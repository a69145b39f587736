"""Published policies, one small file each: see docs/writing-a-policy.md."""
