"""Citations: which documents does a plan cite, of which kind and level?"""
