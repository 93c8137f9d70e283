s/>= number *= primitive/>= number = ( ^(self < number) not )/
